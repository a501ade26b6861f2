"""Menus: from what a caller does to what they hear next. Pure: no database, no clock, no carrier."""
