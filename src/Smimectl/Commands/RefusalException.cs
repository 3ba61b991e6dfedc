namespace Smimectl;

/// <summary>A command cannot begin, or cannot go on, and a person can mend it: the message says what is wrong and what to do.</summary>
internal abstract class RefusalException(string message) : Exception(message);
