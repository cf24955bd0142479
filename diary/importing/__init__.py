"""Files that a person brings along, read into the parts of a diary: strictly, and with a sentence for what is wrong."""
