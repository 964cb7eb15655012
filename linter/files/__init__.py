"""The files of a run: articles, ignore files, site generators and images."""
