"""What every app may use and none owns: names in three languages, the API's manners, import and export."""
