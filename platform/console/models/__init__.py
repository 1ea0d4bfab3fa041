"""What the platform keeps of its work on towns, in shared tables: numbers and acts, never a name of their people."""

from console.models.acts import ConsoleAct
from console.models.ends import EndProposal
from console.models.figures import TownFigures
from console.models.mail import Mail
from console.models.openings import Opening
from console.models.suspensions import Suspension

__all__ = ["ConsoleAct", "EndProposal", "Mail", "Opening", "Suspension", "TownFigures"]
