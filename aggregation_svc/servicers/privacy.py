"""PrivacyService whole: the account, and the rights of players with the audit trail."""

from aggregation_svc.servicers.budget import BudgetServicer
from aggregation_svc.servicers.rights import RightsCalls, RightsServicer
from aggregation_svc.usecases.get_budget import GetBudget, ListCharges, RaiseCap


class PrivacyServicer(RightsServicer, BudgetServicer):
    """Both halves under one name."""

    def __init__(self, rights: RightsCalls, get_budget: GetBudget, raise_cap: RaiseCap, charges: ListCharges) -> None:
        """Take the use cases."""
        RightsServicer.__init__(self, rights)
        BudgetServicer.__init__(self, get_budget, raise_cap, charges)
