using System.Security.Cryptography;
using System.Text;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Cognition.Embeddings;

/// <summary>
/// The embeddings that the models of this silo made last, by model and content: a text that is embedded again, as when a folder is indexed anew, costs no model.
/// The least recently used makes room.
/// </summary>
/// <param name="capacity">Bytes that it holds at most.</param>
public sealed class EmbeddingCache(long capacity) : IMemoryLevelSource
{
    /// <summary>Bytes that a silo's cache holds when nothing is said.</summary>
    public const long DefaultCapacity = 64L * 1024 * 1024;

    // A key of 32 bytes, a node of a list and a place in a dictionary.
    private const int Overhead = 160;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, float[] Vector)>> _places = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, float[] Vector)> _order = new();
    private long _bytes;
    private long _hits;
    private long _misses;
    private long _evictions;

    public MemoryLevel Level
    {
        get
        {
            lock (_gate)
            {
                return new MemoryLevel("embeddings", _places.Count, _bytes, _hits, _misses, _evictions);
            }
        }
    }

    /// <summary>The embeddings of some texts: those that are here, and of the others what the function makes of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="embed">Embeds texts, one vector for each; not called when all are here.</param>
    public async Task<IReadOnlyList<float[]>> GetAsync(string model, IReadOnlyList<string> texts, Func<IReadOnlyList<string>, Task<IReadOnlyList<float[]>>> embed)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(embed);
        var keys = texts.Select(text => KeyOf(model, text)).ToArray();
        var vectors = keys.Select(Find).ToArray();
        var missing = Enumerable.Range(0, texts.Count).Where(i => vectors[i] is null).GroupBy(i => keys[i]).ToList();
        if (missing.Count > 0)
        {
            var made = await embed([.. missing.Select(same => texts[same.First()])]);
            for (var i = 0; i < missing.Count; i++)
            {
                Add(missing[i].Key, made[i]);
                foreach (var place in missing[i])
                {
                    vectors[place] = made[i];
                }
            }
        }

        return vectors!;
    }

    private static string KeyOf(string model, string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{model}\0{text}")));

    private float[]? Find(string key)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(key, out var node))
            {
                _misses++;
                return null;
            }

            _hits++;
            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Vector;
        }
    }

    private void Add(string key, float[] vector)
    {
        lock (_gate)
        {
            if (_places.ContainsKey(key))
            {
                return;
            }

            _places.Add(key, _order.AddFirst((key, vector)));
            _bytes += SizeOf(vector);
            while (_bytes > capacity && _order.Last is { } last)
            {
                _order.RemoveLast();
                _places.Remove(last.Value.Key);
                _bytes -= SizeOf(last.Value.Vector);
                _evictions++;
            }
        }
    }

    private static long SizeOf(float[] vector) => (vector.Length * sizeof(float)) + Overhead;
}
