using LLMOS.Silo.Http.OpenAi;

namespace LLMOS.Silo.Http.Ollama;

/// <summary>A request for a chat or a text, read.</summary>
/// <param name="Chat">What is asked; null for a request that only loads the model.</param>
/// <param name="Model">The model as the client named it.</param>
/// <param name="Stream">Whether the answer is wanted line by line.</param>
internal sealed record OllamaRequest(ChatRequest? Chat, string Model, bool Stream);
