"""What would a standard do to real tickets, people and contracts, before anybody works by it?"""
