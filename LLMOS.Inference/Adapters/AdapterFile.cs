using System.Globalization;
using LLMOS.Inference.Gguf;

namespace LLMOS.Inference.Adapters;

/// <summary>
/// A LoRA adapter's GGUF file, checked against the model that it is to be applied to. llama.cpp ends the process on metadata of another type and on tensors of a type that it
/// does not multiply, and says of everything else only in its log why.
/// </summary>
/// <param name="Name">The adapter's own name, if it has one.</param>
/// <param name="Alpha">As in <see cref="LoraAdapter.Alpha"/>.</param>
/// <param name="Rank">As in <see cref="LoraAdapter.Rank"/>.</param>
/// <param name="Matrices">How many it changes.</param>
/// <param name="SizeBytes">Bytes of its tensors.</param>
internal sealed record AdapterFile(string? Name, float Alpha, int Rank, int Matrices, long SizeBytes)
{
    private const string A = ".lora_a";
    private const string B = ".lora_b";

    /// <exception cref="LlamaException">There is no such file, it is no LoRA adapter, or it does not fit the model; the message says which.</exception>
    public static AdapterFile Read(string path, string modelPath, string modelName, string architecture)
    {
        try
        {
            var file = GgufFile.Read(path);
            if (file.PartDefect() is { } defect)
                throw defect;
            return new Check(file, TensorsOf(modelPath), modelName, architecture).Run();
        }
        catch (GgufException exception)
        {
            var missing = exception.Problem is GgufProblem.Missing or GgufProblem.Directory or GgufProblem.Unreadable;
            throw new LlamaException(missing ? LlamaError.AdapterMissing : LlamaError.AdapterInvalid, exception.Message, exception);
        }
    }

    private static Dictionary<string, GgufTensor> TensorsOf(string modelPath)
    {
        var file = GgufFile.Read(modelPath);
        IEnumerable<GgufTensor> tensors = file.Tensors;
        if (GgufSplit.Of(file) is { } split)
            tensors = Enumerable.Range(1, split.Count).SelectMany(number => GgufFile.Read(split.PathOf(number)).Tensors);
        return tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    private sealed class Check(GgufFile file, Dictionary<string, GgufTensor> model, string modelName, string architecture)
    {
        public AdapterFile Run()
        {
            CheckKind();
            var alpha = Alpha();
            if (file.Metadata.ContainsKey("adapter.alora.invocation_tokens"))
                throw Invalid("it is an activated LoRA, which begins to work in the middle of a prompt, and adapters apply to whole sequences here; use a plain LoRA adapter");
            var pairs = Pairs();
            var rank = 0L;
            foreach (var (name, (a, b)) in pairs)
                rank = Math.Max(rank, CheckPair(name, a, b));
            var name2 = file.Metadata.GetValueOrDefault("general.name")?.Text;
            return new AdapterFile(string.IsNullOrWhiteSpace(name2) ? null : name2, alpha, (int)Math.Min(rank, int.MaxValue), pairs.Count, file.Tensors.Sum(tensor => tensor.Bytes));
        }

        private void CheckKind()
        {
            var type = Text("general.type");
            if (type != "adapter")
                throw Invalid($"it is not an adapter: its general.type is {Quoted(type)}; name a LoRA adapter in GGUF format");
            var kind = Text("adapter.type");
            if (kind != "lora")
                throw Invalid($"its adapter.type is {Quoted(kind)}, and only 'lora' can be applied; convert it to a LoRA adapter");
            var made = Text("general.architecture");
            if (made != architecture)
                throw Invalid($"it was made for the architecture {Quoted(made)}, and the model '{modelName}' is '{architecture}'; use an adapter of this model");
        }

        private float Alpha()
        {
            if (!file.Metadata.TryGetValue("adapter.lora.alpha", out var value))
                return 0;
            return value.Content is float alpha && float.IsFinite(alpha)
                ? alpha
                : throw Invalid($"its adapter.lora.alpha is {value.Content ?? value.Type} ({value.Type}), and it must be a finite number of 32 bits; convert it again");
        }

        private Dictionary<string, (GgufTensor? A, GgufTensor? B)> Pairs()
        {
            var pairs = new Dictionary<string, (GgufTensor? A, GgufTensor? B)>(StringComparer.Ordinal);
            foreach (var tensor in file.Tensors)
            {
                var isA = tensor.Name.EndsWith(A, StringComparison.Ordinal);
                if (!isA && !tensor.Name.EndsWith(B, StringComparison.Ordinal))
                {
                    if (tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal))
                        continue; // llama.cpp leaves these out, too.
                    throw Invalid($"its tensor '{tensor.Name}' is neither {A} nor {B}; convert it again");
                }
                var name = tensor.Name[..^A.Length];
                var pair = pairs.GetValueOrDefault(name);
                pairs[name] = isA ? pair with { A = tensor } : pair with { B = tensor };
            }
            return pairs.Count > 0 ? pairs : throw Invalid("it changes no tensor; convert it again");
        }

        /// <summary>Checks what is added to one matrix, and returns its rank.</summary>
        private long CheckPair(string name, GgufTensor? a, GgufTensor? b)
        {
            if (a is null || b is null)
                throw Invalid($"it has no {name}{(a is null ? A : B)}, only the other half of the pair; convert it again");
            if (!model.TryGetValue(name, out var matrix))
                throw Invalid($"it changes the tensor '{name}', which the model '{modelName}' does not have; use an adapter of this model");
            CheckType(a);
            CheckType(b);
            // Of the embedding a row is looked up and not multiplied, so that its halves are the other way round.
            var embeds = name.EndsWith("token_embd.weight", StringComparison.Ordinal);
            var fits = embeds
                ? At(matrix, 0) == At(b, 1) && At(matrix, 1) == At(a, 1) && At(a, 0) == At(b, 0)
                : At(matrix, 0) == At(a, 0) && At(matrix, 1) == At(b, 1) && At(a, 1) == At(b, 0);
            fits &= At(a, 2) == At(matrix, 2) && At(b, 2) == At(matrix, 2) && At(a, 3) == 1 && At(b, 3) == 1;
            if (!fits)
                throw Invalid($"its tensors {Shape(a)} and {Shape(b)} do not fit '{name}' {Shape(matrix)} of the model '{modelName}'; use an adapter of this model");
            return At(b, 0);
        }

        private void CheckType(GgufTensor tensor)
        {
            if (tensor.Type is GgmlType.I8 or GgmlType.I16 or GgmlType.I32 or GgmlType.I64 or GgmlType.F64 or GgmlType.Q8_1 or GgmlType.Q8_K)
                throw Invalid($"its tensor '{tensor.Name}' is {tensor.Type}, which is not multiplied; convert it to F16 or F32");
            if (tensor.ElementCount == 0)
                throw Invalid($"its tensor '{tensor.Name}' is empty; convert it again");
        }

        private string? Text(string key) => file.Metadata.GetValueOrDefault(key)?.Text;

        private LlamaException Invalid(string what) => new(LlamaError.AdapterInvalid, $"{file.Path} cannot be applied to '{modelName}': {what}.");

        private static long At(GgufTensor tensor, int dimension) => dimension < tensor.Dimensions.Count ? tensor.Dimensions[dimension] : 1;

        private static string Shape(GgufTensor tensor) => $"({string.Join(" × ", tensor.Dimensions.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)))})";

        private static string Quoted(string? text) => text is null ? "missing" : $"'{(text.Length <= 64 ? text : text[..64] + "…").ReplaceLineEndings(" ")}'";
    }
}
