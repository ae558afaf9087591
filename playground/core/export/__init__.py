"""What leaves the app: tables, code, web pages, animations, and the experiment inside pictures."""
