/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** Debian's Chromium without a window, driven as a person would. */
public final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int TRIES = 3;

  private final ChromeDriver driver;
  private final URI console;

  private Browser(ChromeDriver driver, URI console) {
    this.driver = driver;
    this.console = console;
  }

  /** Skips the test where there is no Chromium. */
  public static Browser open(URI console, Path profile) {
    Assumptions.assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "no Chromium here: apt-get install chromium chromium-driver");
    var options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
    var service = new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    var driver = new ChromeDriver(service, options);
    driver.manage().window().setSize(new Dimension(1400, 1000));
    return new Browser(driver, console);
  }

  /** Loads a page and waits for what it shows. */
  public void go(String path) {
    for (int attempt = 1; ; attempt++) {
      driver.get(console.resolve(path).toString());
      try {
        awaitShown();
        return;
      } catch (TimeoutException e) {
        // Chromium drops what it loads when a network interface of the machine comes or goes.
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  public void awaitShown() {
    await(
        browser ->
            Boolean.TRUE.equals(
                script(
                    "return !!document.body.dataset.ready && !document.querySelector('main .loading')")));
  }

  /** What the condition gives once it is neither null nor false. */
  public <T> T await(Function<Browser, T> condition) {
    return await(PATIENCE, condition);
  }

  /** The same, for what takes longer than a page. */
  public <T> T await(Duration patience, Function<Browser, T> condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        T value = condition.apply(this);
        if (value != null && !Boolean.FALSE.equals(value)) {
          return value;
        }
      } catch (StaleElementReferenceException e) {
        // the page showed something newer meanwhile
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "nothing of it within %s at %s, which shows: %s".formatted(patience, path(), text()));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  public WebElement element(String css) {
    return await(
        browser -> driver.findElements(By.cssSelector(css)).stream().findFirst().orElse(null));
  }

  public WebElement link(String text) {
    return await(
        browser -> driver.findElements(By.partialLinkText(text)).stream().findFirst().orElse(null));
  }

  public List<WebElement> elements(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** What is written on the page. */
  public String text() {
    return String.valueOf(script("return document.body.innerText"));
  }

  public Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Keys to whatever has the focus. */
  public void type(CharSequence... keys) {
    for (CharSequence key : keys) {
      new Actions(driver).sendKeys(key).perform();
    }
  }

  /** Tabs on until that has the focus. */
  public void tabTo(String css) {
    for (int i = 0; i < 120; i++) {
      if (Boolean.TRUE.equals(script("return document.activeElement.matches(arguments[0])", css))) {
        return;
      }
      type(Keys.TAB);
    }
    throw new AssertionError("no way to " + css + " by Tab alone");
  }

  public String path() {
    URI url = URI.create(driver.getCurrentUrl());
    return url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
  }

  public void back() {
    driver.navigate().back();
    awaitShown();
  }

  public void reload() {
    driver.navigate().refresh();
    awaitShown();
  }

  public void theme(String theme) {
    script("localStorage.setItem('theme', arguments[0])", theme);
  }

  public void size(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** Where the page has loaded anything from. */
  @SuppressWarnings("unchecked")
  public List<String> requests() {
    return (List<String>)
        script("return performance.getEntriesByType('resource').map(entry => entry.name)");
  }

  /** Errors the page has left in the browser's console. */
  public List<String> errors() {
    return driver.manage().logs().get("browser").getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .filter(message -> message.startsWith("SEVERE"))
        .filter(message -> !message.contains("ERR_NETWORK_CHANGED"))
        .toList();
  }

  /** What axe-core finds of serious or critical weight, by rule, with the elements. */
  @SuppressWarnings("unchecked")
  public List<String> accessibilityFindings() {
    script(AXE);
    return (List<String>)
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(result => done(result.violations
              .filter(violation => ['serious', 'critical'].includes(violation.impact))
              .map(violation => `${violation.id}: ${violation.nodes.map(node => node.target.join(' ')).slice(0, 4).join(' | ')}`)));
            """);
  }

  public void screenshot(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }

  private static final String AXE = axe();

  private static String axe() {
    String resource = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    try (InputStream in = Browser.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
