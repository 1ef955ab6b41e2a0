"""Settings of the API, read from the environment as the others are (docs/settings.md)."""

import os

# Requests a minute: from an address, with a key, and to send files in; 0 is no limit (docs/api/limits.md).
API_LIMITS = {
    name: int(os.environ.get(f"API_LIMIT_{name.upper()}", default))
    for name, default in {"address": "600", "key": "3000", "uploads": "120", "working": "600"}.items()
}
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["common.rest.rendering.OrjsonRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.DjangoModelPermissionsOrAnonReadOnly"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttling.ClientThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bağdar API",
    "DESCRIPTION": "Development programmes, their KPIs and targets, official statistics, and progress.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "ReasonEnum": "programmes.labels.REASONS",
        "LegalActKindEnum": "programmes.models.LegalAct.Kind",
        "PaperKindEnum": "papers.models.Paper.Kind",
        "PotentialEnum": "programmes.methods.monotowns.Outcome",
        "ReportStateEnum": "indicators.models.Report.State",
        "ReportStateOrNotBegunEnum": "indicators.reported.STATES",
    },
}
