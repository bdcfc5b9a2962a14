using System.Globalization;

namespace LLMOS.Inference.Adapters;

/// <summary>The adapter sets of an engine, each there once. It keeps none alive that no request has. Safe to use from any thread.</summary>
internal sealed class AdapterSets(LlamaModel model)
{
    /// <summary>Most adapters of one request: each costs two products a matrix.</summary>
    public const int MostAdapters = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, WeakReference<AdapterSet>> _sets = new(StringComparer.Ordinal);
    private int _sweepAt = 64;

    public AdapterSet None { get; } = new("", []);

    /// <summary>Checks the adapters of a request and gives their set.</summary>
    /// <exception cref="LlamaException">One is of another model or there twice, a scale is no number or 0, or there are too many.</exception>
    public AdapterSet Of(IReadOnlyList<AdapterUse> uses)
    {
        if (uses.Count == 0)
            return None;
        if (uses.Count > MostAdapters)
            throw Invalid($"The request has {uses.Count} adapters: a sequence takes at most {MostAdapters}, so merge some of them.");
        foreach (var use in uses)
        {
            if (use.Adapter is null)
                throw Invalid("The request has an adapter that is null: load it with LlamaModel.LoadAdapter first.");
            if (use.Adapter.Model != model)
                throw Invalid($"The adapter '{use.Adapter.Name}' was loaded for the model '{use.Adapter.Model.Name}', and this engine runs '{model.Name}': load it for this one.");
            if (!float.IsFinite(use.Scale) || use.Scale == 0)
                throw Invalid(string.Create(CultureInfo.InvariantCulture, $"The scale of the adapter '{use.Adapter.Name}' is {use.Scale}: it must be a number other than 0; to do without the adapter, leave it out."));
        }
        AdapterUse[] sorted = [.. uses.OrderBy(use => use.Adapter.Path, StringComparer.Ordinal)];
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Adapter == sorted[i - 1].Adapter)
                throw Invalid($"The request has the adapter '{sorted[i].Adapter.Name}' twice: give it once, with the sum of the scales.");
        }
        var key = string.Join('\n', sorted.Select(use => string.Create(CultureInfo.InvariantCulture, $"{use.Adapter.Path}\t{use.Scale:R}")));
        lock (_gate)
        {
            if (_sets.TryGetValue(key, out var known) && known.TryGetTarget(out var set))
                return set;
            Sweep();
            set = new AdapterSet(key, sorted);
            _sets[key] = new WeakReference<AdapterSet>(set);
            return set;
        }
    }

    /// <summary>Scales can be any number, so what is not used any more is forgotten.</summary>
    private void Sweep()
    {
        if (_sets.Count < _sweepAt)
            return;
        foreach (var (key, reference) in _sets)
        {
            if (!reference.TryGetTarget(out _))
                _sets.Remove(key);
        }
        _sweepAt = Math.Max(64, 2 * _sets.Count);
    }

    private static LlamaException Invalid(string message) => new(LlamaError.InvalidRequest, message);
}
