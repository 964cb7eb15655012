"""copydesk: finds and fixes what no writer typed."""
