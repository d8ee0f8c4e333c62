"""Who does what time brings about?"""
