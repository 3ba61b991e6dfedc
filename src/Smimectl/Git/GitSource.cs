namespace Smimectl;

/// <summary>Which branch of which repository is followed.</summary>
/// <param name="Url">The remote, as git takes it.</param>
/// <param name="Branch">The branch.</param>
/// <param name="Path">The folder within the repository; empty for all of it.</param>
internal sealed record GitSource(string Url, string Branch, string Path);
