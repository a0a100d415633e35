"""Jekyll (https://jekyllrb.com/docs/)."""
