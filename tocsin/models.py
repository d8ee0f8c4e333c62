"""Where does Django find the rooms' models? Each is a noun's own file in its room; here they are only named."""

from tocsin.desk.alert import Alert
from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.intake_key import IntakeKey
from tocsin.desk.intake_refusal import IntakeRefusal
from tocsin.desk.message import Message
from tocsin.desk.numbers import Counter
from tocsin.desk.ticket import Ticket
from tocsin.directory.account import Account, Attempt
from tocsin.directory.api_key import ApiAnswer, ApiKey
from tocsin.directory.client import Client, Service
from tocsin.directory.contact import Contact
from tocsin.directory.contract import Contract
from tocsin.directory.person import Holding, Person
from tocsin.directory.roster import Roster
from tocsin.engine.beat import Beat
from tocsin.engine.watch import Watch
from tocsin.log.event import Event
from tocsin.log.root import Root
from tocsin.outbox.delivery import Delivery
from tocsin.outbox.pager import Call, Pager
from tocsin.standard.draft import Draft
from tocsin.standard.standing import Standing
from tocsin.standard.version import Policy, PolicyVersion
from tocsin.trials.backtest import Backtest
