"""The verbs, one file each; importing this package registers them all."""
