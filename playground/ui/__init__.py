"""The window: one module per view; `theme` owns every colour and font."""
