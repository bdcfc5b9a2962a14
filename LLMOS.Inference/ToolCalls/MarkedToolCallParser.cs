namespace LLMOS.Inference.ToolCalls;

/// <summary>Output whose thoughts stand in <c>&lt;think&gt;</c> before the content, and whose calls begin with marks.</summary>
/// <param name="startsInReasoning">Whether the prompt already ends with <c>&lt;think&gt;</c>.</param>
internal abstract class MarkedToolCallParser(bool startsInReasoning) : OutputParser
{
    /// <summary>The marks that calls begin with.</summary>
    protected abstract IReadOnlyList<string> Openings { get; }

    protected virtual (string Open, string Close) ReasoningMarks => ("<think>", "</think>");

    /// <summary>Whether the call that was read is one; set by <see cref="ReadCalls"/>.</summary>
    protected bool Succeeded { get; set; }

    /// <summary>Whether a call may begin without a mark, with this character, where nothing was said before.</summary>
    protected virtual bool OpensBare(char character) => false;

    /// <summary>Reads the calls behind a mark and sets <see cref="Succeeded"/>.</summary>
    protected abstract IEnumerable<int> ReadCalls(string opening);

    protected sealed override IEnumerable<int> Run()
    {
        foreach (var wait in ReadReasoning())
            yield return wait;
        while (true)
        {
            while (Input.CountSpace() == Input.Length && Output.AtStart && !Input.IsEnd)
                yield return MoreOutput;
            var (at, opening) = Output.AtStart && Input.CountSpace() < Input.Length && OpensBare(Input[Input.CountSpace()]) ? (Input.CountSpace(), "") : Input.Find(Openings);
            Output.Content(Input.Take(at));
            if (opening is not null)
            {
                Input.BeginRecord();
                Input.Take(opening.Length);
                Succeeded = false;
                foreach (var wait in ReadCalls(opening))
                    yield return wait;
                Settle();
            }
            else if (Input.IsEnd)
            {
                Output.Content(Input.Take(Input.Length));
                break;
            }
            else
            {
                yield return MoreOutput;
            }
        }
    }

    /// <summary>Passes white space, waiting for what comes behind it.</summary>
    protected IEnumerable<int> SkipSpace()
    {
        while (true)
        {
            Input.Take(Input.CountSpace());
            if (!Input.IsEmpty || Input.IsEnd)
                yield break;
            yield return MoreOutput;
        }
    }

    /// <summary>Passes white space and one of the marks, if one is there.</summary>
    protected IEnumerable<int> SkipMark(params string[] marks)
    {
        foreach (var wait in SkipSpace())
            yield return wait;
        while (Array.Exists(marks, mark => Input.StartsWith(mark) is null) && !Array.Exists(marks, mark => Input.StartsWith(mark) is true))
            yield return MoreOutput;
        if (Array.Find(marks, mark => Input.StartsWith(mark) is true) is { } found)
            Input.Take(found.Length);
    }

    private void Settle()
    {
        var record = Input.EndRecord();
        if (Succeeded)
            return;
        Output.Withdraw();
        Output.Content(record);
    }

    private IEnumerable<int> ReadReasoning()
    {
        var (open, close) = ReasoningMarks;
        if (!startsInReasoning)
        {
            while (!Input.IsEnd && Input.CountSpace() == Input.Length)
                yield return MoreOutput;
            while (StartsBehindSpace(open) is null)
                yield return MoreOutput;
            if (StartsBehindSpace(open) is false)
                yield break;
            Input.Take(Input.CountSpace() + open.Length);
        }
        Output.BeginReasoning();
        while (true)
        {
            var (at, found) = Input.Find([close]);
            Output.Reasoning(Input.Take(at));
            if (found is not null)
            {
                Input.Take(close.Length);
                Output.EndReasoning();
                yield break;
            }
            if (Input.IsEnd)
                yield break;
            yield return MoreOutput;
        }

        bool? StartsBehindSpace(string wanted)
        {
            var space = Input.CountSpace();
            var length = Math.Min(wanted.Length, Input.Length - space);
            for (var i = 0; i < length; i++)
            {
                if (Input[space + i] != wanted[i])
                    return false;
            }
            return length == wanted.Length ? true : Input.IsEnd ? false : null;
        }
    }
}
