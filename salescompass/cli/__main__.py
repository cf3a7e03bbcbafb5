"""`python -m salescompass.cli`: what ./compass hands over to."""

import sys

from salescompass.cli import main

sys.exit(main())
