namespace ModelForge.Corpus.Reading.Tools;

/// <summary>A parameter that generated tools have, and how requests give it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Value">What its values are.</param>
/// <param name="Trained">Phrases for it; <c>#</c> is the value.</param>
/// <param name="HeldOut">Phrases of the held-out split.</param>
/// <param name="Words">What a <c>%</c> in the phrases stands for.</param>
internal sealed record ToolSlot(string Name, string Type, SlotKind Value, string[] Trained, string[] HeldOut, string Words = "")
{
    /// <summary>Parameters with phrases of their own.</summary>
    public static readonly IReadOnlyList<ToolSlot> All =
    [
        Of("city", "string", SlotKind.City, "in #|in the city of #|at #", "over in #|in the town of #"),
        Of("place", "string", SlotKind.City, "in #|near #|around #", "close to #"),
        Of("customer", "string", SlotKind.Person, "for #|for the customer #|of #", "on behalf of #|for our customer #"),
        Of("person", "string", SlotKind.Person, "for #|of #|with #", "together with #"),
        Of("recipient", "string", SlotKind.Person, "to #|to the recipient #|addressed to #", "directed to #|which goes to #"),
        Of("owner", "string", SlotKind.Person, "owned by #|of the owner #|that belongs to #", "in possession of #|which # owns"),
        Of("date", "string", SlotKind.Date, "on #|for #|dated #|on the date #", "with the date #|on the day #"),
        Of("deadline", "string", SlotKind.Date, "by #|due on #|until #", "not later than #|before #"),
        Of("time", "string", SlotKind.Time, "at #|for # o'clock|at the time #", "when the clock shows #|starting #"),
        Of("email", "string", SlotKind.Email, "to #|at #|with the email #", "under the address #|via #"),
        Of("name", "string", SlotKind.Project, "called #|named #|with the name #", "that goes by #|by the name of #"),
        Of("company", "string", SlotKind.Company, "from #|of the company #|by #", "of the firm #|made by #"),
        Of("project", "string", SlotKind.Project, "in project #|for project #|of project #", "that is part of project #|belonging to project #"),
        Of("file", "string", SlotKind.File, "from #|in the file #|with the file #", "taken from #|using #"),
        Of("version", "string", SlotKind.Version, "in version #|version #|with version #", "at version #"),
        Of("language", "string", SlotKind.Language, "in #|into #|to #", "in the language #"),
        Of("server", "string", SlotKind.Server, "on #|on server #|on the server #", "that runs on #|over on #"),
        Of("status", "string", SlotKind.Status, "with status #|marked as #|that is #", "having the status #"),
        Of("count", "integer", SlotKind.Count, "# times|with a count of #|with # pieces", "a total of # times"),
        Of("seats", "integer", SlotKind.Platform, "for # people|with # seats|for # persons", "for a group of #|with room for #"),
        Of("minutes", "integer", SlotKind.Count, "for # minutes|of # minutes|lasting # minutes", "that takes # minutes"),
        Of("days", "integer", SlotKind.Count, "for # days|over # days|within # days", "in the next # days"),
        Of("limit", "integer", SlotKind.Platform, "at most #|with a limit of #|no more than #", "up to #"),
        Of("priority", "integer", SlotKind.Platform, "with priority #|at priority #|priority #", "having priority #"),
        Of("port", "integer", SlotKind.Port, "on port #|at port #|with port #", "listening on #"),
        Of("year", "integer", SlotKind.Year, "from the year #|of #|from #", "made in #"),
        Of("amount", "number", SlotKind.Extension, "for # euros|over # euros|of # dollars", "worth # euros"),
    ];

    private static readonly string[] Heads = "customer|order|user|project|room|file|source|target|group|team|device|product|city|service|account|billing|shipping|backup|task|sender|old|new|first|second|main|parent".Split('|');
    private static readonly string[] StringTails = "name|code|address|label|place|title|key|owner|type|color|path|reference".Split('|');
    private static readonly string[] IntegerTails = "number|size|count|limit|level|index|age|weight".Split('|');
    private static readonly SlotKind[] StringValues = [SlotKind.Person, SlotKind.City, SlotKind.Company, SlotKind.Project, SlotKind.Code, SlotKind.Server, SlotKind.Program, SlotKind.Ticket, SlotKind.Product];
    private static readonly SlotKind[] IntegerValues = [SlotKind.Count, SlotKind.Port, SlotKind.Platform];

    /// <summary>Phrases for a parameter with a name of two words (<c>%</c>), which the request says.</summary>
    private static readonly string[] CompoundHeldOut = ["whose % is #", "and the % should be #"];
    private static readonly string[] CompoundTrained =
        Phrasings.Trained("compound", ["with % #", "with the % #", "where the % is #", "% #", "using % #"], CompoundHeldOut);

    /// <summary>A parameter with a name of two words, which the request says.</summary>
    public static ToolSlot Compound(CorpusRandom random)
    {
        var isInteger = random.Chance(0.3);
        var (head, tail) = (random.Pick(Heads), random.Pick(isInteger ? IntegerTails : StringTails));
        var value = random.Pick(isInteger ? IntegerValues : StringValues);
        return new ToolSlot($"{head}_{tail}", isInteger ? "integer" : "string", value, CompoundTrained, CompoundHeldOut, $"{head} {tail}");
    }

    private static ToolSlot Of(string name, string type, SlotKind value, string trained, string heldOut) =>
        new(name, type, value, Phrasings.Trained("slot " + name, trained.Split('|'), heldOut.Split('|')), heldOut.Split('|'));
}
