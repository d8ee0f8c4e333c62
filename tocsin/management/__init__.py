"""What can be asked of Tocsin from a shell?"""
