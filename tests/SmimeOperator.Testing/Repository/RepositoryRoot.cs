namespace SmimeOperator.Testing;

/// <summary>The working copy that the tests were built from.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder that holds SmimeOperator.sln.</summary>
    public static string Folder { get; } = Find();

    /// <summary>A path inside the repository.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Folder, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "SmimeOperator.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds SmimeOperator.sln.");
    }
}
