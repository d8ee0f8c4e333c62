"""How do other programs talk to the desk?"""
