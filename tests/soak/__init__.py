"""The long repetitions: `./comptoir soak`."""
