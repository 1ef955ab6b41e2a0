"""Quality of published figures and of the definitions of KPIs."""
