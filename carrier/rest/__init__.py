"""Twilio's REST API, the part a telephone application needs; one file a resource, with Twilio's own words."""
