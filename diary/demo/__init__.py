"""A made-up practice to look around in: who is in it, what happened to them, and how it is made and removed.

Everything is told as data and made through the actions, each at its own moment, so that the demo can stand in no
state that the product cannot reach. It ends at the moment at which it is made, and is therefore always current.
"""
