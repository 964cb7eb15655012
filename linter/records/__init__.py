"""Check archives: files and databases that contain many articles, such as exports, tables and web crawls."""
