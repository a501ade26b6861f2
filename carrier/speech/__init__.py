"""Words to sound: engines that speak, and what they spoke, kept."""
