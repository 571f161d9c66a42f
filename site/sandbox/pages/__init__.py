"""The pages on which test buyers pay, and the script that frames them in a shop."""
