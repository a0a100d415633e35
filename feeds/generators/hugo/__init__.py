"""Hugo (https://gohugo.io/documentation/)."""
