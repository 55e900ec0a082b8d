"""Emergencies of the body: substances taken, not eating and purging, acute illness and panic; one's own or another's."""

from monitoring_svc.domain.crisis.rules_eating import EATING, EATING_HINTS, EATING_RISK
from monitoring_svc.domain.crisis.rules_illness import MEDICAL, MEDICAL_HINTS
from monitoring_svc.domain.crisis.rules_panic import PANIC
from monitoring_svc.domain.crisis.rules_substance import SUBSTANCE, SUBSTANCE_HINTS, SUBSTANCE_RISK

HINTS = (*MEDICAL_HINTS, *SUBSTANCE_HINTS, *EATING_HINTS)

BODY_RULES = (*SUBSTANCE, *SUBSTANCE_RISK, *EATING, *EATING_RISK, *MEDICAL, *PANIC, *HINTS)
