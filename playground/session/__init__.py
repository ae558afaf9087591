"""The training thread and what talks to it; QtCore only."""
