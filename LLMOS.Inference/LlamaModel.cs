using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using LLMOS.Inference.Adapters;
using LLMOS.Inference.Gguf;
using LLMOS.Inference.Interop;
using LLMOS.Inference.Models;
using LLMOS.Inference.Templates;

namespace LLMOS.Inference;

/// <summary>
/// A loaded model: its weights, its tokenizer and its chat template. Safe to use from any thread; several engines may share it,
/// and it stays in memory until it and they are disposed.
/// </summary>
public sealed class LlamaModel : IDisposable
{
    private readonly LlamaModelHandle _handle;
    private readonly Lazy<ChatTemplate> _chatTemplate;
    private readonly Dictionary<string, LoraAdapter> _adapters = new(StringComparer.Ordinal);

    private LlamaModel(LlamaModelHandle handle, string path, ModelOptions options)
    {
        _handle = handle;
        Options = options;
        Path = path;
        Vocabulary = new LlamaVocabulary(handle);
        Name = options.Name ?? Metadata("general.name") ?? System.IO.Path.GetFileNameWithoutExtension(path);
        Architecture = Metadata("general.architecture") ?? "unknown";
        Description = Describe(handle);
        ContextLength = Math.Max(LlamaNative.ModelContextLength(handle), 0);
        EmbeddingLength = LlamaNative.ModelOutputEmbeddingLength(handle);
        LayerCount = LlamaNative.ModelLayerCount(handle);
        ParameterCount = (long)LlamaNative.ModelParameterCount(handle);
        SizeBytes = (long)LlamaNative.ModelSize(handle);
        IsRecurrent = LlamaNative.ModelIsRecurrent(handle) || LlamaNative.ModelIsHybrid(handle);
        CanShareParts = !IsRecurrent && LlamaNative.ModelSlidingWindow(handle) == 0;
        HasEncoder = LlamaNative.ModelHasEncoder(handle);
        _chatTemplate = new Lazy<ChatTemplate>(() => new ChatTemplate(ReadChatTemplate(handle), Name, Vocabulary.Text(Vocabulary.Bos), Vocabulary.Text(Vocabulary.Eos)));
    }

    /// <summary>The file it was loaded from.</summary>
    public string Path { get; }

    /// <summary>What it is called: the name given in the options, else in the file, else the file's own.</summary>
    public string Name { get; }

    /// <summary>Its architecture as the file names it, such as <c>llama</c>.</summary>
    public string Architecture { get; }

    /// <summary>Architecture, size and quantisation in llama.cpp's words.</summary>
    public string Description { get; }

    /// <summary>The longest sequence, in tokens, that it was trained on; 0 when its file does not say.</summary>
    public int ContextLength { get; }

    /// <summary>The number of floats in an embedding.</summary>
    public int EmbeddingLength { get; }

    /// <summary>Its transformer blocks.</summary>
    public int LayerCount { get; }

    /// <summary>The number of weights.</summary>
    public long ParameterCount { get; }

    /// <summary>Bytes of all tensors.</summary>
    public long SizeBytes { get; }

    /// <summary>Whether its state cannot be cut back to an earlier token (Mamba, RWKV and hybrids).</summary>
    public bool IsRecurrent { get; }

    /// <summary>Whether it is an encoder-decoder model, such as T5.</summary>
    public bool HasEncoder { get; }

    /// <summary>Whether the KV of a sequence's beginning is of use without the rest: not with recurrent layers or a sliding window.</summary>
    internal bool CanShareParts { get; }

    /// <summary>The number of tokens it knows.</summary>
    public int VocabularySize => Vocabulary.Size;

    /// <summary>The token that begins a text; -1 when it has none.</summary>
    public int BeginToken => Vocabulary.Bos;

    /// <summary>The token that ends a text; -1 when it has none. See <see cref="EndTokens"/>.</summary>
    public int EndToken => Vocabulary.Eos;

    /// <summary>All the tokens that end a generation, ascending.</summary>
    public IReadOnlyList<int> EndTokens => Vocabulary.EndTokens;

    /// <summary>The Jinja chat template that the file brings; null when it brings none.</summary>
    public string? ChatTemplateSource => _chatTemplate.Value.Source;

    /// <summary>Whether ChatML stands in for a template that is missing, or that does not parse or render.</summary>
    public bool UsesFallbackChatTemplate => _chatTemplate.Value.IsFallback;

    /// <summary>Whether its chat template has a place for tools.</summary>
    public bool SupportsTools => _chatTemplate.Value.Capabilities.Tools;

    /// <summary>How it writes calls of functions, as its chat template shows.</summary>
    public ToolCallFormat ToolCallFormat => ToolCallFormats.Of(_chatTemplate.Value.Effective);

    internal LlamaModelHandle Handle => _handle;

    /// <summary>How it was loaded.</summary>
    internal ModelOptions Options { get; }

    internal LlamaVocabulary Vocabulary { get; }

    /// <summary>Held while an adapter is added, and while llama.cpp lays out a graph, which goes through all of them.</summary>
    internal Lock AdapterGate { get; } = new();

    /// <summary>Loads a GGUF model.</summary>
    /// <exception cref="LlamaException">The file is missing, truncated, no GGUF, of an unknown architecture, or does not fit into memory; the message says which.</exception>
    public static LlamaModel Load(string path, ModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ModelOptions();
        path = System.IO.Path.GetFullPath(path);
        CheckFile(path);
        LlamaRuntime.EnsureLoaded();

        return NativeAbort.Run(
            "llama model loader",
            () => LoadGuarded(path, options),
            assertion => new LlamaException(LlamaError.ModelInvalid, $"llama.cpp v{LlamaRuntime.Release} gave up on '{path}' ({assertion}): the file is damaged or made wrongly, so fetch or convert it again."));
    }

    /// <summary>Loads a LoRA adapter for this model, for requests to name; one that is loaded already is given again. It stays in memory as long as the model.</summary>
    /// <param name="path">A GGUF file.</param>
    /// <param name="name">What to call it; null for the name in its file, else the file's name.</param>
    /// <exception cref="LlamaException">The file is missing or no LoRA adapter, or is one of another architecture or of other shapes; the message says which.</exception>
    public LoraAdapter LoadAdapter(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        path = System.IO.Path.GetFullPath(path);
        lock (AdapterGate)
        {
            if (_adapters.TryGetValue(path, out var known))
                return known;
            var file = AdapterFile.Read(path, Path, Name, Architecture);
            var handle = NativeAbort.Run(
                "llama adapter loader",
                () => LoadAdapterGuarded(path),
                assertion => new LlamaException(LlamaError.AdapterInvalid, $"llama.cpp v{LlamaRuntime.Release} gave up on the adapter '{path}' ({assertion}): the file is damaged or made wrongly, so fetch or convert it again."));
            var adapter = new LoraAdapter(this, handle, path, name ?? file.Name ?? System.IO.Path.GetFileNameWithoutExtension(path), file.Alpha, file.Rank, file.Matrices, file.SizeBytes);
            _adapters.Add(path, adapter);
            return adapter;
        }
    }

    /// <summary>The tokens of a text.</summary>
    /// <param name="text">Any text; a lone surrogate becomes U+FFFD.</param>
    /// <param name="addSpecial">Whether the model's own begin and end tokens are added, if it wants them.</param>
    /// <param name="parseSpecial">Whether the text of a control token, such as <c>&lt;|im_start|&gt;</c>, becomes that token.</param>
    public int[] Tokenize(string text, bool addSpecial = true, bool parseSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        return Vocabulary.Tokenize(text, addSpecial, parseSpecial);
    }

    /// <summary>The UTF-8 bytes that a token stands for, which may be a part of a character; none for control tokens.</summary>
    /// <exception cref="LlamaException">The model has no such token.</exception>
    public ReadOnlyMemory<byte> TokenBytes(int token)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        Vocabulary.RequireToken(token);
        return Vocabulary.Piece(token).Bytes;
    }

    /// <summary>The text of tokens; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="tokens">Tokens of this model.</param>
    /// <param name="renderSpecial">Whether control tokens are shown.</param>
    public string Detokenize(ReadOnlySpan<int> tokens, bool renderSpecial = false)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        return Vocabulary.Detokenize(tokens, renderSpecial);
    }

    /// <summary>The tokens of a prompt: only what the chat template wrote can become a control token, the text of a message never does.</summary>
    /// <param name="prompt">A prompt of <see cref="ApplyChatTemplate(IReadOnlyList{ChatTurn}, ChatTemplateOptions)"/>.</param>
    /// <param name="addSpecial">Whether the model's own begin and end tokens are added, if it wants them and the template has not written them.</param>
    public int[] Tokenize(RenderedPrompt prompt, bool addSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        return Vocabulary.Tokenize(prompt, addSpecial);
    }

    /// <summary>A chat as the prompt that this model was trained to answer.</summary>
    /// <param name="messages">At least one message.</param>
    /// <param name="addAssistant">Whether the prompt ends where the assistant begins to answer.</param>
    /// <exception cref="ChatTemplateException">The model's template refuses the chat; the message says in which line and why.</exception>
    public RenderedPrompt ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, bool addAssistant = true) =>
        ApplyChatTemplate(messages, ChatTemplateOptions.Default with { AddGenerationPrompt = addAssistant });

    /// <inheritdoc cref="ApplyChatTemplate(IReadOnlyList{ChatTurn}, bool)"/>
    /// <param name="messages">At least one message.</param>
    /// <param name="options">Tools, and how the chat is rendered.</param>
    /// <exception cref="LlamaException">There is no message, or there are tools and the template has no place for them.</exception>
    public RenderedPrompt ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, ChatTemplateOptions options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        if (messages.Count == 0)
            throw new LlamaException(LlamaError.InvalidRequest, "A chat needs at least one message.");
        return _chatTemplate.Value.Render(messages, options);
    }

    /// <summary>A reader for the answer to a prompt, which takes its content, thoughts and calls apart.</summary>
    public ChatOutputReader ReadAnswer(RenderedPrompt prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        var end = prompt.Text.AsSpan().TrimEnd();
        var startsInReasoning = end.EndsWith("<think>") || end.EndsWith("[THINK]") || end.EndsWith("<|START_THINKING|>");
        return new ChatOutputReader(Vocabulary, ToolCallFormats.CreateParser(ToolCallFormat, startsInReasoning));
    }

    /// <summary>A scalar of the file's metadata as text; null when it has no such key.</summary>
    public unsafe string? Metadata(string key)
    {
        Span<byte> buffer = stackalloc byte[512];
        int length;
        fixed (byte* pointer = buffer)
            length = LlamaNative.ModelMetadata(_handle, key, pointer, (nuint)buffer.Length);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer[..Math.Min(length, buffer.Length - 1)]);
    }

    public void Dispose() => _handle.Dispose();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Description})");

    /// <summary>Looks at the header before native code does: it ends the process on some damage, and its reasons are no sentences.</summary>
    private static void CheckFile(string path)
    {
        try
        {
            _ = GgufFile.ReadModel(path);
        }
        catch (GgufException exception)
        {
            var missing = exception.Problem is GgufProblem.Missing or GgufProblem.Directory or GgufProblem.Unreadable;
            throw new LlamaException(missing ? LlamaError.ModelMissing : LlamaError.ModelInvalid, exception.Message, exception);
        }
    }

    private nint LoadAdapterGuarded(string path)
    {
        using var log = LlamaLog.Capture();
        var handle = LlamaNative.AdapterLoraInit(_handle, path);
        return handle != 0
            ? handle
            : throw new LlamaException(LlamaError.AdapterInvalid, $"llama.cpp v{LlamaRuntime.Release} cannot load the adapter '{path}' for the model '{Name}'{log.Because()}: it may be damaged, or too large for this device.");
    }

    private static LlamaModel LoadGuarded(string path, ModelOptions options)
    {
        using var log = LlamaLog.Capture();
        var handle = LoadNative(path, options);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            throw new LlamaException(
                LlamaError.ModelInvalid,
                $"llama.cpp v{LlamaRuntime.Release} cannot load '{path}'{log.Because()}: the file may be damaged, of a kind it does not know, or too large for this device.");
        }
        try
        {
            return new LlamaModel(handle, path, options);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static unsafe LlamaModelHandle LoadNative(string path, ModelOptions options)
    {
        var parameters = LlamaNative.ModelDefaultParams();
        parameters.CheckTensors = options.CheckTensors ? (byte)1 : (byte)0;
        parameters.GpuLayers = options.GpuLayers ?? -1;
        var devices = stackalloc nint[2];
        if (options.Device is { } name)
        {
            var (device, kind) = LlamaDevices.Find(name);
            devices[0] = kind is LlamaDeviceKind.Gpu or LlamaDeviceKind.IntegratedGpu ? device : 0;
            devices[1] = 0;
            parameters.Devices = devices;
        }
        return LlamaNative.ModelLoadFromFile(path, parameters);
    }

    private static unsafe string Describe(LlamaModelHandle handle)
    {
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* pointer = buffer)
            return Encoding.UTF8.GetString(buffer[..Math.Clamp(LlamaNative.ModelDescription(handle, pointer, (nuint)buffer.Length), 0, buffer.Length - 1)]);
    }

    private static unsafe string? ReadChatTemplate(LlamaModelHandle handle) => Marshal.PtrToStringUTF8((nint)LlamaNative.ModelChatTemplate(handle, null));
}
