using System.Globalization;
using System.Text;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>
/// A GBNF grammar for the answer to one sentence: a list of system calls with arguments of their kinds, or <c>? </c> and an answer in
/// words. A text argument is a span of the sentence and a number one of its numbers, so that nothing is invented; the grammar
/// grows with the sentence and no faster.
/// </summary>
public static class SyscallGrammar
{
    private const string Calls =
        """
        root ::= "[" call ("," call)* "]" | answer
        span ::= "\" " words "\""

        """;

    private const string Answer =
        """
        answer ::= "? " [^\n"<\[]+

        """;

    private const string NothingQuoted =
        """
        root ::= "? There is nothing between the quotes."

        """;

    /// <summary>Opens a call behind what was before it: the list's bracket or a comma.</summary>
    internal static string Opening(string name) => $$"""{"syscall":"{{name}}","args":{""";

    /// <summary>The grammar for a sentence, as it was typed.</summary>
    public static string For(string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        var units = SentenceUnit.Of(SyscallPrompt.Normalise(sentence));

        // Of quotes alone nothing can be said in a call.
        if (units.All(static unit => IsQuote(unit)))
            return "root ::= answer\n" + Answer;

        // A text that is empty is no span, and another one in its place is not what was meant.
        if (QuotedText.IsEmptyIn(units))
            return NothingQuoted;
        var grammar = new StringBuilder(Calls).Append(Answer);
        var quoted = QuotedText.In(units);
        AddSpans(grammar, units, quoted);
        AddNumbers(grammar, units, quoted);
        grammar.Append("process ::= number | span\n");
        grammar.Append("processes ::= \"[\" process (\",\" process)* \"]\"\n");
        grammar.Append("call ::= ").AppendJoin(" | ", SyscallCatalog.All.Select(call => $"call-{call.Name}")).Append('\n');
        foreach (var call in SyscallCatalog.All)
            AddCall(grammar, call);
        return grammar.ToString();
    }

    private static void AddCall(StringBuilder grammar, SyscallDefinition call)
    {
        grammar.Append(CultureInfo.InvariantCulture, $"call-{call.Name} ::= {Literal(Opening(call.Name))} ");
        if (call.Parameters.Length > 0)
        {
            // Any order, and a repeated argument is refused when the answer is read: orders written out would be a long grammar.
            var required = call.Parameters.Any(parameter => parameter.Required);
            grammar.Append(CultureInfo.InvariantCulture, $"(argument-{call.Name} (\",\" argument-{call.Name})*){(required ? "" : "?")} ");
        }

        grammar.Append("\"}}\"\n");
        if (call.Parameters.Length == 0)
            return;
        grammar.Append(CultureInfo.InvariantCulture, $"argument-{call.Name} ::= ");
        grammar.AppendJoin(" | ", call.Parameters.Select(parameter => $"{Literal($"\"{parameter.Name}\":")} {Value(parameter)}"));
        grammar.Append('\n');
    }

    private static string Value(SyscallParameter parameter) => parameter.Type switch
    {
        SyscallArgumentType.Number => "(number | span)",
        SyscallArgumentType.Flag => "\" true\"",
        SyscallArgumentType.Process => "process",
        SyscallArgumentType.Processes => "processes",
        SyscallArgumentType.Priority => "(number | span)",
        SyscallArgumentType.Choice => $"({string.Join(" | ", parameter.Choices.Select(choice => Literal($"\" {choice}\"")))})",
        _ => "span",
    };

    private static void AddSpans(StringBuilder grammar, IReadOnlyList<SentenceUnit> units, int[] quoted)
    {
        // A span is a unit and what follows it; quotes end it, and it neither begins nor ends within a word, a path, a number or what is quoted.
        List<string> starts = [];
        for (var i = 0; i < units.Count; i++)
        {
            if (IsQuote(units[i]))
                continue;
            if (!IsWithin(i))
                starts.Add(string.Create(CultureInfo.InvariantCulture, $"w{i}"));
            grammar.Append(CultureInfo.InvariantCulture, $"w{i} ::= {Literal(units[i].Text)}");
            if (IsWithin(i + 1))
                grammar.Append(CultureInfo.InvariantCulture, $" {Space(i + 1)}w{i + 1}");
            else if (i + 1 < units.Count && !IsQuote(units[i + 1]))
                grammar.Append(CultureInfo.InvariantCulture, $" ({Space(i + 1)}w{i + 1})?");
            grammar.Append('\n');
        }

        grammar.Append("words ::= ").AppendJoin(" | ", starts).Append('\n');

        bool IsWithin(int index) => index < units.Count && !IsQuote(units[index]) && (IsWithinWord(units, index) || IsWithinQuotes(quoted, index));

        string Space(int index) => units[index].AfterSpace ? "\" \" " : "";
    }

    private static bool IsWithinQuotes(int[] quoted, int index) => index > 0 && quoted[index] != 0 && quoted[index] == quoted[index - 1];

    private static void AddNumbers(StringBuilder grammar, IReadOnlyList<SentenceUnit> units, int[] quoted)
    {
        var numbers = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < units.Count; i++)
        {
            if (!char.IsAsciiDigit(units[i].Text[0]) || !units[i].Text.All(char.IsAsciiDigit))
                continue;

            // What is said in a quotation is no PID of the order around it; a number that is all of one is.
            if (IsWithinQuotes(quoted, i) || (i + 1 < units.Count && IsWithinQuotes(quoted, i + 1)) || IsPartOfAnother(units, i))
                continue;
            numbers.Add(units[i].Text);
            if (i > 0 && units[i - 1].Text == "-" && !units[i].AfterSpace)
                numbers.Add("-" + units[i].Text);
        }

        // Without a number in the sentence no number can be said, and the rule must be there all the same: it is one of the sentence's words.
        grammar.Append("number ::= ").AppendJoin(" | ", numbers.Select(number => Literal(" " + number)).DefaultIfEmpty("span")).Append('\n');
    }

    /// <summary>Whether digits are of 2.5, 10:30 or agent-7, which are another number or none; in v3, notes.txt@3 and 25gb they are the number.</summary>
    private static bool IsPartOfAnother(IReadOnlyList<SentenceUnit> units, int index)
    {
        return IsBetweenDigits(index - 1) || IsBetweenDigits(index + 1) || (IsWithinWord(units, index) && IsJoint(units[index - 1]) && units[index - 1].Text != "@");

        bool IsBetweenDigits(int mark) =>
            mark > 0 && mark + 1 < units.Count && units[mark].Text is "." or "," or ":" or "-" or "/" or "_"
            && !units[mark].AfterSpace && !units[mark + 1].AfterSpace
            && char.IsAsciiDigit(units[mark - 1].Text[0]) && char.IsAsciiDigit(units[mark + 1].Text[0]);
    }

    /// <summary>Whether a unit goes on with what the one before began, as the second name of a path does, so that nothing is said of a part of it.</summary>
    private static bool IsWithinWord(IReadOnlyList<SentenceUnit> units, int index)
    {
        if (index == 0 || !IsAdjacent(index))
            return false;

        // A path of Windows, with its drive.
        if (IsBackslash(index) || IsBackslash(index - 1) || (units[index].Text == ":" && IsAdjacent(index + 1) && IsBackslash(index + 1)))
            return true;
        if (!IsWord(units[index - 1]) && !IsJoint(units[index - 1]))
            return false;

        // At the front of a word only a path's sign belongs to it: in "@poet" and "-poet" a name is said.
        if (IsJoint(units[index - 1]) && units[index - 1].Text is not ("/" or ".") && (index == 1 || !IsAdjacent(index - 1) || !IsWord(units[index - 2]) && !IsJoint(units[index - 2])))
            return false;
        while (IsJoint(units[index]) && IsAdjacent(index + 1))
            index++;
        return IsWord(units[index]);

        bool IsAdjacent(int index) => index < units.Count && !units[index].AfterSpace;

        bool IsBackslash(int index) => units[index].Text is "\\";
    }

    private static bool IsWord(SentenceUnit unit) => char.IsLetterOrDigit(unit.Text[0]);

    /// <summary>What stands within a word, when more of it follows.</summary>
    private static bool IsJoint(SentenceUnit unit) => unit.Text is "/" or "-" or "_" or "." or "@";

    private static bool IsQuote(SentenceUnit unit) => unit.Text is "\"";

    private static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var character in text)
        {
            if (character is '"' or '\\')
                literal.Append('\\');
            literal.Append(character);
        }

        return literal.Append('"').ToString();
    }
}
