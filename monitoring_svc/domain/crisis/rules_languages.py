"""The languages beside English, at the level of direct statements."""

from monitoring_svc.domain.crisis.rules_french import FRENCH
from monitoring_svc.domain.crisis.rules_german import GERMAN
from monitoring_svc.domain.crisis.rules_portuguese import PORTUGUESE
from monitoring_svc.domain.crisis.rules_spanish import SPANISH

LANGUAGE_RULES = (*SPANISH, *FRENCH, *GERMAN, *PORTUGUESE)
