"""German words that carry grammar rather than meaning: what two texts share in them says nothing."""

FUNCTION_WORDS = frozenset(
    """
    ab aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes andern anders
    auch auf aus außer außerdem bei beim bereits bis bzgl bzw da dabei dadurch dafür daher dahin damit danach dann
    daran darauf daraus darin darum darunter darüber das dass davon davor dazu dem demnach den denen denn der deren
    derer des dessen die dies diese diesem diesen dieser dieses doch dort durch ein eine einem einen einer eines
    einige einigem einigen einiger einiges einmal er es etc etwa etwas euch euer eure für gegen gegenüber gemäß ggf
    gibt haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im in indem inkl
    ins insbesondere ist ja je jede jedem jeden jeder jedes jedoch kann kein keine keinem keinen keiner keines
    können könnte man mehr mein mit mittels muss möchte möchten müssen nach neben nicht nichts noch nun nur ob oder
    ohne per pro sehr sein seine seinem seinen seiner seines seit sich sie sind so sobald sog solche solchem
    solchen solcher solches soll sollen sollte sollten somit sondern sowie sowohl statt um und uns unser unsere
    unserem unseren unserer unseres unter usw vgl viel viele vielem vielen vom von vor wann war waren warum was
    weder weil weiter weitere weiteren weiterer weiteres welche welchem welchen welcher welches wenn wer werde
    werden wie wieder will wir wird wo wobei wodurch wollen worden wurde wurden während würde würden z zb zu zum
    zur zwischen über überall
    """.split()  # noqa: SIM905
)
"""As printed, in lower case."""
