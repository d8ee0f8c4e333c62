"""By which rules does the desk work, and since when?"""
