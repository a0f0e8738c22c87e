"""What the routes take and give: one file a subject, units in every field's description."""
