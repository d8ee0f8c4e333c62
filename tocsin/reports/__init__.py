"""What do the figures say about a time that is over?"""
