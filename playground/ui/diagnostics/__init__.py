"""The views behind "More", and what all diagnostics share."""
