using System.Runtime.CompilerServices;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Counts what one rendering costs and ends it where a limit is passed.</summary>
internal sealed class RenderBudget(TemplateLimits limits)
{
    private const int CharactersAStep = 16;

    private long _steps;
    private long _iterations;
    private long _characters;
    private int _depth;

    /// <exception cref="TemplateFault">Too many steps.</exception>
    public void Step(long steps = 1)
    {
        _steps += steps;
        if (_steps > limits.Steps)
            throw new TemplateFault($"rendering takes more than the {limits.Steps} steps that are allowed");
    }

    /// <summary>One more turn of a loop.</summary>
    public void Iterate()
    {
        if (++_iterations > limits.Iterations)
            throw new TemplateFault($"its loops turn more often than the {limits.Iterations} times that are allowed");
        Step();
    }

    /// <summary>Looks at characters.</summary>
    public void Read(int characters) => Step(1 + (characters / CharactersAStep));

    /// <summary>Searches a text, which costs the more the longer what is searched for is.</summary>
    public void Search(int characters, int wanted) => Step(1 + (characters / CharactersAStep) + ((long)characters * wanted / 1024));

    /// <summary>Makes a text, or a text longer.</summary>
    /// <param name="total">The characters that it then has.</param>
    /// <param name="added">How many of them are new.</param>
    public void Write(long total, long added)
    {
        if (total > limits.TextCharacters)
            throw new TemplateFault($"a text becomes longer than the {limits.TextCharacters} characters that are allowed");
        _characters += added;
        if (_characters > limits.AllCharacters)
            throw new TemplateFault($"the texts made on the way have more than the {limits.AllCharacters} characters that are allowed");
        Step(1 + (added / CharactersAStep));
    }

    /// <summary>Goes one level deeper, into an expression, a macro or a value; always followed by <see cref="Leave"/>.</summary>
    public void Enter()
    {
        Step();
        if (++_depth > limits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _depth--;
            throw new TemplateFault($"expressions, macros or values nest deeper than the {limits.Depth} levels that are allowed");
        }
    }

    public void Leave() => _depth--;
}
