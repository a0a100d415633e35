"""Configuration written in JavaScript or TypeScript, read as text: nothing of it is run."""
