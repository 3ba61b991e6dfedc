namespace Smimectl;

/// <summary>What the program's end tells scripts; docs/smimectl.md and the man page show the same table.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and nothing is wrong.</summary>
    public const int Done = 0;

    /// <summary>Done, and something is not as it should be.</summary>
    public const int NotAsItShouldBe = 1;

    /// <summary>It could not be begun.</summary>
    public const int NotBegun = 2;

    /// <summary>The table: code, and what it says.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "Done, and nothing is wrong. For `plan`: there is nothing to change."),
        (NotAsItShouldBe, "Something is not ready, refused or wrong; the output says what. For `plan`: it could not be made, for whatever reason."),
        (NotBegun, "It could not be begun: a wrong command line, or a file, cluster or tenant that cannot be read. For `plan`: there are changes."),
    ];

    /// <summary>The code of a command that could not be begun. A plan keeps 2 for changes, so that a script never takes a fault for them.</summary>
    public static int NotBegunOf(string command) => command == "plan" ? NotAsItShouldBe : NotBegun;
}
