"""How much one browser may ask of a web process."""

# The longest text of one socket frame, in characters: a form with two notes of 20,000 fits.
LONGEST_FRAME = 64 * 1024
# Sockets open at once, in each process.
MOST_PER_SESSION = 40
MOST_PER_ADDRESS = 400
# Events of one socket: so many at once, then so many a second.
BURST = 60.0
PER_SECOND = 30.0
# Events that had to wait, one after the other without a pause, after which the socket is ended.
MOST_DELAYED = 300
