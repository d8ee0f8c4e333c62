"""Where does Django find the rooms' models? Each is a noun's own file in its room; here they are only named."""

from tocsin.log.event import Event
from tocsin.log.root import Root
