"""What the app knows, without Qt: experiments, sessions, snapshots."""
