"""The screens: what people see, spoken in Reflex, over the verbs of the slices."""
