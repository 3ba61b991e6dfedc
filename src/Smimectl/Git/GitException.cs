namespace Smimectl;

/// <summary>A repository cannot be fetched.</summary>
internal sealed class GitException(string message) : RefusalException(message);
