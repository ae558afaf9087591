"""The scalar graph of a training in progress: built, folded, laid out, stepped, checked."""
