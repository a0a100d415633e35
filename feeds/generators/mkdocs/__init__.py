"""MkDocs (https://www.mkdocs.org/): its configuration, its pages, and what its blogs share."""
